/** The documentation as a site: README.md, CHANGELOG.md, CONTRIBUTING.md and docs/, without a network, every link checked. */
@NullMarked
package s4j.docs;

import org.jspecify.annotations.NullMarked;
