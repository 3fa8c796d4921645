/** Tests of the losses. */
@org.jspecify.annotations.NullMarked
package s4j.torch.objective;
