#!/usr/bin/env bash
# Runs a check that needs another language, where that is installed; else says what is missing and ends with 77, which ctest
# shows as skipped. Usage: tests/if_there.sh PROBE MISSING COMMAND...
set -euo pipefail
probe=$1 missing=$2
shift 2
if ! bash -c "$probe" >/dev/null 2>&1; then
        echo "SKIPPED: $missing"
        exit 77
fi
exec "$@"
