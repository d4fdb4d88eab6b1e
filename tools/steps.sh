# Steps that all run, whatever becomes of them, and are counted at the end. Sourced by build.sh.

steps_passed=0
steps_failed=0
steps_report=()
steps_failures=()

# step NAME COMMAND...: runs a command, shows what it prints and counts the tests in it. A step that fails without a
# failed test (a compile error, a lint) counts as one failure.
step() {
    local name=$1 log status started=$SECONDS passed failed
    shift
    log=$(mktemp)
    printf '\n=== %s\n' "$name"
    # Not in a condition: bash would then go on after a failed line within the command.
    set +e
    (
        set -e
        "$@"
    ) 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    set -e
    read -r passed failed < <(count_tests "$log")
    ((status == 0 || failed > 0)) || failed=1
    ((failed == 0)) || steps_failures+=("$(printf '\n--- %s\n' "$name"; failures_in "$log")")
    rm -f "$log"
    ((steps_passed += passed, steps_failed += failed)) || true
    steps_report+=("$(printf '%-24s %4d passed %3d failed %5d s' "$name" "$passed" "$failed" $((SECONDS - started)))")
}

# Sums the summaries of `cargo test`, `node --test` and Playwright. A test that was not run, as something before it
# failed, has not passed.
count_tests() {
    awk '
        /^test result: / { passed += $4; failed += $6 }
        $1 ~ /^(#|ℹ)$/ && $2 == "pass" { passed += $3 }
        $1 ~ /^(#|ℹ)$/ && ($2 == "fail" || $2 == "cancelled") { failed += $3 }
        /^  [0-9]+ passed/ { passed += $1 }
        /^  [0-9]+ (failed|flaky|interrupted|did not run|skipped)/ { failed += $1 }
        END { print passed + 0, failed + 0 }
    ' "$1"
}

# The failed tests of `node --test`, `cargo test` and Playwright, each with the first lines of its error; the end of the
# log if there are none.
failures_in() {
    local failures
    failures=$(awk -v most=30 '
        /^ *not ok / || /^---- .* stdout ----$/ || /^  [0-9]+\) / { left = most + 1 }
        /^failures:$/ || /^  [0-9]+ (failed|flaky|interrupted|did not run|skipped|passed)/ { left = 0 }
        left > 0 { print; left-- }
        /^ *\.\.\.$/ { left = 0 }
    ' "$1")
    if [[ -n $failures ]]; then printf '%s\n' "$failures"; else tail -n 40 "$1"; fi
}

# Prints the failures again, so that nobody has to look for them in thousands of lines.
finish_steps() {
    ((steps_failed == 0)) || printf '%s\n' "${steps_failures[@]}"
    printf '\n'
    printf '%s\n' "${steps_report[@]}"
    printf '%d passed, %d failed\n' "$steps_passed" "$steps_failed"
    ((steps_failed == 0))
}
