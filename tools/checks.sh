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
