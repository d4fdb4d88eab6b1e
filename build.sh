#!/usr/bin/env bash
# Everything that is done with this repository; `./build.sh help` lists it.
#
# Downloads, compiled dependencies and tools are kept in ~/.cache/emofuse, so that every checkout shares them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export EMOFUSE_CACHE=${EMOFUSE_CACHE:-$HOME/.cache/emofuse}
export EMOFUSE_PARTS=${EMOFUSE_PARTS:-$EMOFUSE_CACHE/parts}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$EMOFUSE_CACHE/target}

# One set of flags for every native command, so that dependencies are compiled once.
native=(--release --features "cli,train,native-webgpu")
model=pkg/model/emofuse-default.emofuse
large_model=pkg/large/emofuse-large.emofuse

source tools/install.sh
source tools/parts.sh
source tools/steps.sh
source tools/checks.sh
source tools/tests.sh
source tools/wasm.sh

# demo [--port N]: serves the page with the committed package. Needs no compiler.
command_demo() {
    need_node
    page_libraries || echo "build.sh: the labelling desk lacks its libraries, which npm could not fetch; the rest of the page works" >&2
    exec node server/serve.mjs "$@"
}

# page: puts the page together in dist/page, ready for any web server. Needs no compiler.
command_page() {
    need_node
    page_libraries
    node tools/page.mjs
}

# test [unit|browser]: everything, in a fresh clone too, or what needs no browser, or what needs one; ends with "N passed, N failed".
command_test() {
    local part=${1:-all}
    [[ $part =~ ^(all|unit|browser)$ ]] || fail "unknown part '$part'; there are unit and browser"
    test_prepare
    [[ $part != all ]] || test_checks
    [[ $part == browser ]] || test_unit
    [[ $part == unit ]] || test_browser
    finish_steps
}

# check: the fast part of test.
command_check() {
    install_rust
    install_node
    node_packages
    check_format
    check_lints
    check_licences
    check_types
    check_package
    check_wasm
}

# build [cpu|webgpu|decoder|posts]: compiles the WebAssembly programs into pkg/wasm and www/wasm, all unless one is named.
command_build() {
    install_rust
    install_node
    local kind
    for kind in ${1:-cpu webgpu decoder posts}; do
        build_wasm "$kind"
    done
}

# parts: fetches the pretrained parts that a model is trained from, and checks their digests.
command_parts() {
    fetch_parts
}

# model [FOLDER] [--finetune]: trains both models from FOLDER or $EMOFUSE_DATA; their caption encoder is fine-tuned anew only if asked.
command_model() {
    local data=${EMOFUSE_DATA:-} finetune='' argument
    for argument; do
        if [[ $argument == --finetune ]]; then finetune=$argument; else data=$argument; fi
    done
    [[ -f $data/posts.csv && -f $data/text.csv && -f $data/captions.csv ]] ||
        fail "name a folder with posts.csv, text.csv, captions.csv and the images that posts.csv names:" \
            "./build.sh model FOLDER [--finetune], or set EMOFUSE_DATA"
    install_rust
    install_node
    fetch_parts
    teacher_of "$data" "$finetune"
    cargo run "${native[@]}" -- train --data "$data" --recipe recipes/default.toml --out "$model" \
        --cache "$EMOFUSE_CACHE/features" --teacher "$EMOFUSE_CACHE/teacher"
    node tools/package-manifest.mjs write model
    large_model "$data"
    python3 tests/golden/posts/make.py "$CARGO_TARGET_DIR/release/emofuse"
    python3 tests/golden/large/make.py
}

# large_model FOLDER: trains the larger model, whose caption tower is the teacher itself.
large_model() {
    python3 tools/teacher/prune.py "$EMOFUSE_PARTS/$teacher" "$EMOFUSE_CACHE/teacher/encoder.safetensors" "$1" \
        "$EMOFUSE_CACHE/teacher/caption-tower.safetensors"
    cargo run "${native[@]}" -- train --data "$1" --recipe recipes/large.toml --out "$large_model" \
        --cache "$EMOFUSE_CACHE/features" --teacher "$EMOFUSE_CACHE/teacher"
    node tools/package-manifest.mjs write large
}

# bench [desk|page] [--json] [--backend webgpu] [--runs N]: measures the package beside onnxruntime-web, TensorFlow.js and LiteRT.js, or the desk (--rounds N) beside bare classification; page [--port N] [--lan] serves the benchmark for other devices.
command_bench() {
    local what=package
    if [[ ${1:-} =~ ^(desk|page)$ ]]; then what=$1 && shift; fi
    {
        if [[ $what == page ]]; then
            need_node
            (install_peers) || echo "build.sh: some of the other systems could not be installed; the page measures those that are there"
        else
            install_for_tests
            node_packages
            [[ $what == desk ]] || install_peers
        fi
    } >&2 # what is printed is the result alone
    case $what in
        desk) node tests/bench/desk.mjs "$@" ;;
        package) node tests/bench/bench.mjs --networks "$EMOFUSE_CACHE/bench" "$@" ;;
        page) exec node tests/bench/serve.mjs --networks "$EMOFUSE_CACHE/bench" "$@" ;;
    esac
}

# The systems that emofuse is measured beside, and their networks.
install_peers() {
    fetch_parts || return
    install_for_bench || return
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$EMOFUSE_CACHE/bench/python \
        python3 tests/bench/networks/export.py "$EMOFUSE_PARTS/$image_tower" "$EMOFUSE_CACHE/bench"
}

# soak [posts|images|kills|cli|disk|device]: what takes long or breaks things, all of it or the parts that are named; writes dist/soak, and fails where a promise of docs/reliability.md does not hold.
command_soak() {
    install_for_tests
    node_packages
    if [[ $# == 0 || " $* " == *" cli "* ]]; then
        install_rust
        cargo build "${native[@]}" --bin emofuse
    fi
    node tests/soak/soak.mjs "$@"
}

# scale [growth|parallel|spark]: how `emofuse label -` grows, under GNU parallel, and on a Spark cluster that loses an executor; fails where a row is missing or another.
command_scale() {
    install_rust
    install_for_scale "$@"
    cargo build "${native[@]}" --bin emofuse
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$EMOFUSE_CACHE/scale/python \
        python3 tests/scale/scale.py "$CARGO_TARGET_DIR/release/emofuse" "$@"
}

# extension: builds the browser extension for Chrome and for Firefox into dist/extension, checks both and zips them.
command_extension() {
    install_node
    node_packages
    node tools/extension.mjs
    local browser
    for browser in chrome firefox; do
        echo "=== $browser"
        node_modules/.bin/web-ext lint --source-dir "dist/extension/$browser"
        node_modules/.bin/web-ext build --source-dir "dist/extension/$browser" --artifacts-dir dist/extension \
            --filename "$browser.zip" --overwrite-dest
    done
}

# screenshots [--only page|desk|extension] [--readme]: takes pictures of every state into dist/screenshots, or those of README.md into docs/images.
command_screenshots() {
    install_for_tests
    node_packages
    node tools/screenshots.mjs "$@"
}

# sizes [--json]: what a first visit and npm fetch, compressed; fails above the limits.
command_sizes() {
    install_node
    node tools/sizes.mjs "$@"
}

# fuzz TARGET [ARGUMENTS]: looks for inputs that break a promise (image, metadata, table, caption, tokens, model, recipe); needs nightly Rust and cargo-fuzz. test runs the same on changed inputs.
command_fuzz() {
    local target=${1:-}
    [[ $target && -f fuzz/targets/$target.rs ]] ||
        fail "name a target: $(cd fuzz/targets && echo *.rs | sed 's/\.rs//g')"
    shift
    cargo +nightly --version >/dev/null 2>&1 ||
        fail "fuzzing needs nightly Rust: rustup toolchain install nightly (https://rustup.rs installs rustup)"
    cargo +nightly fuzz --version >/dev/null 2>&1 ||
        fail "fuzzing needs cargo-fuzz: cargo install cargo-fuzz --locked"
    local features=()
    [[ ! $target =~ ^(tokens|model|recipe)$ ]] || features=(--features train)
    cargo run --release -p emofuse-inputs "${features[@]}" --example seeds "$target" "fuzz/corpus/$target"
    CARGO_TARGET_DIR=$EMOFUSE_CACHE/target-fuzz cargo +nightly fuzz run "${features[@]}" "$target" "$@"
}

# declarations write|check: makes pkg/types from the comments of the package's JavaScript, or says whether they are up to date.
command_declarations() {
    install_node
    node_packages
    node tools/declarations.mjs "$@"
}

# pack record|check: takes the packed package's size down, by a tenth of which it may grow, or checks what npm would publish.
command_pack() {
    install_node
    node_packages
    node tools/pack.mjs "$@"
}

# package-manifest write PART|check: writes the hashes of a part (cpu, webgpu, decoder, posts, model, large), or says whether they are right.
command_package-manifest() {
    install_rust
    install_node
    node tools/package-manifest.mjs "$@"
}

# third-party write|check: makes pkg/THIRD-PARTY-NOTICES.txt and the bill of materials pkg/sbom.cdx.json from Cargo.lock, or says whether they are up to date.
command_third-party() {
    install_rust
    install_node
    node_packages
    node tools/third-party.mjs "$@"
}

# reproduce [cpu|webgpu|decoder|posts] [--revision REVISION]: builds programs in a clean checkout elsewhere, from nothing but the crates' sources, and compares them with the committed ones.
command_reproduce() {
    install_rust
    install_node
    reproduce "$@"
}

# help: lists these commands.
command_help() {
    awk '/^command_/ { sub(/^# /, "", comment); print "  " comment } { comment = $0 }' build.sh
}

# What the desk needs of npm, and no more: the page is there within a minute.
page_libraries() {
    [[ -d node_modules/idb ]] || npm ci --omit=dev --ignore-scripts --no-fund --no-audit || return
    node tools/libraries.mjs
}

node_packages() {
    # `page_libraries` alone leaves most of them out.
    [[ -d node_modules/playwright-core && node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --no-fund --no-audit
    node tools/libraries.mjs
}

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

command=${1:-help}
shift || true
declare -F "command_$command" >/dev/null || fail "unknown command '$command'; ./build.sh help lists them"
"command_$command" "$@"
