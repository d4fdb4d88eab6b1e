# The steps of `./build.sh test`. Sourced by build.sh.

test_prepare() {
    install_rust
    install_for_tests
    step "Node packages" node_packages
    step "Pretrained parts" fetch_parts
}

test_checks() {
    step "Format" check_format
    step "Lints" check_lints
    step "Licences" check_licences
    step "Types" check_types
    step "Committed package" check_package
    step "Packed package" check_packed
    step "Browser code compiles" check_wasm
}

# What needs no browser.
test_unit() {
    step "Rust tests" cargo test --workspace --no-fail-fast "${native[@]}"
    step "JavaScript tests" node --test tests/unit/
}

test_browser() {
    step "Bundlers" install_for_consumers
    step "Importers" node tests/desk/importers.mjs
    # Some tests train a model with it.
    step "Command line" cargo build "${native[@]}"
    step "Browser tests" browser_tests
}

# Two files at a time; then, one by one, those that measure times, frames or memory.
browser_tests() {
    local all measuring others
    mapfile -t all < <(find tests/browser tests/consumers -name '*.test.mjs' -not -path '*/node_modules/*' | sort)
    mapfile -t measuring < <(grep -lE 'performance\.now|requestAnimationFrame|measureUserAgentSpecificMemory|traced\(' "${all[@]}")
    mapfile -t others < <(printf '%s\n' "${all[@]}" | grep -vxFf <(printf '%s\n' "${measuring[@]}"))
    ((${#measuring[@]} && ${#others[@]})) || fail "there are no browser tests"
    node --test --test-concurrency=2 "${others[@]}" || local failed=1
    node --test --test-concurrency=1 "${measuring[@]}" || local failed=1
    ((${failed:-0} == 0))
}
