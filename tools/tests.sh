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
    step "JavaScript tests" node --test tests/unit/*.test.mjs
}

test_browser() {
    step "Bundlers" install_for_consumers
    step "Importers" node tests/browser/desk/samples/importers.mjs
    # Some tests compare with it and train a model with it. The same command as for the Rust tests, so that the dependencies
    # are compiled once.
    step "Command line" cargo test --workspace --no-run "${native[@]}"
    step "Browser tests" browser_tests
}

# Two files at a time; then, one by one, the tests that measure times, frames or memory (playwright.config.mjs).
browser_tests() {
    local failed=0
    node_modules/.bin/playwright test --project cpu --project webgpu || failed=1
    node_modules/.bin/playwright test --project measures || failed=1
    ((failed == 0))
}
