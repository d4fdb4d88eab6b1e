# What can be checked without running the program. Sourced by build.sh.

check_format() {
    cargo fmt --all --check
    node_modules/.bin/biome format .
}

check_lints() {
    cargo clippy --workspace "${native[@]}" --all-targets -- -D warnings
    node_modules/.bin/biome lint --error-on-warnings .
}

check_licences() {
    install_cargo_deny
    "$tools/bin/cargo-deny" --workspace --locked check --deny warnings licenses sources bans
    node tools/notice.mjs
    node tools/third-party.mjs check
    check_advisories
}

# Known faults of dependencies. Their databases are elsewhere; where one cannot be reached, that is said and no fault.
check_advisories() {
    local unchecked="advisories were NOT checked"
    if timeout 120 "$tools/bin/cargo-deny" --workspace --locked fetch db >/dev/null 2>&1; then
        "$tools/bin/cargo-deny" --workspace --locked check --disable-fetch advisories
    else
        echo "$unchecked for the crates: https://github.com/rustsec/advisory-db cannot be reached"
    fi
    local report
    # What is published: of the tools for development, npm says more by itself.
    if report=$(timeout 60 npm audit --omit=dev 2>&1); then
        echo "npm knows no advisory for what is published"
    elif grep -q "vulnerabilit" <<<"$report"; then
        printf '%s\n' "$report"
        return 1
    else
        echo "$unchecked for the npm packages: the registry does not answer npm audit"
    fi
}

check_types() {
    node_modules/.bin/tsc --noEmit --project tsconfig.json
    node tools/declarations.mjs check
}

check_package() {
    node tools/package-manifest.mjs check
}

check_packed() {
    node tools/pack.mjs check
}
