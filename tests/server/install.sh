#!/bin/sh
# Installs Java and Maven for the tests on a real Neo4j where that needs no question: Debian, as root.
# Elsewhere it says what to install; those tests are then skipped with that reason (with CI=true they fail).
if { command -v java && command -v mvn; } >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Java and Maven for the tests on a real Neo4j …"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq; then
    for java in openjdk-21-jre-headless openjdk-17-jre-headless; do
      apt-get install -y -qq --no-install-recommends "$java" maven >/dev/null 2>&1 && exit 0
    done
  fi
fi
echo "The tests on a real Neo4j need Java (17 or 21) and Maven and will be skipped. Install them:" >&2
echo "  Debian, Ubuntu:  sudo apt-get install openjdk-17-jre-headless maven" >&2
echo "  Fedora:          sudo dnf install java-21-openjdk-headless maven" >&2
echo "  macOS:           brew install openjdk@21 maven" >&2
exit 0
