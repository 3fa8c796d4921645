/**
 * PyTorch's checkpoint files (zip archives with a pickle inside) as plain values, without running anything of them.
 *
 * <p>A pickle is a program for a small stack machine that may name any class and call it. Here it cannot: {@link
 * s4j.pickle.PickleMachine} knows a handful of names ({@link s4j.pickle.KnownGlobals}: tensors, their storages, ordered
 * dictionaries) and makes an inert {@link s4j.pickle.Placeholder} of everything else. {@link s4j.pickle.TorchCheckpoint}
 * opens a file; a tensor's numbers are read when they are asked for.
 *
 * <p>Memory and time are bounded by the file: the pickle's size, the number of its operations, what lists are copied, the
 * sizes of archive entries and of all tensors read are limited, and nothing recurses over what the pickle builds.
 */
@NullMarked
package s4j.pickle;

import org.jspecify.annotations.NullMarked;
