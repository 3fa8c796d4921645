#!/bin/sh
# Makes a Java runtime of the modules that s4j uses: sh jre.sh DIRECTORY. In a distribution's directory "jre" ./s4 finds it.
# java.desktop: sound from a microphone; java.sql: tables in databases; jdk.zipfs: configurations inside the jar.
set -eu
[ $# = 1 ] || { echo "jre.sh: expected the directory of the new runtime" >&2; exit 2; }
"${JAVA_HOME:+$JAVA_HOME/bin/}jlink" --output "$1" --strip-debug --no-header-files --no-man-pages --compress zip-6 --add-modules \
    java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.crypto.ec,jdk.incubator.vector,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs
