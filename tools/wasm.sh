# The WebAssembly binaries. Sourced by build.sh.

wasm_bindgen_version=0.2.130
binaryen_version=132.0.0

# Chooses a toolchain that has WebAssembly's standard library or can compile it, and sets `wasm_cargo`.
# EMOFUSE_WASM_TOOLCHAIN=rustup or =debian takes that one.
wasm_toolchain() {
    wasm_cargo=()
    case ${EMOFUSE_WASM_TOOLCHAIN:-any} in
        any | rustup)
            if rust_has_wasm || { rustup target add wasm32-unknown-unknown 2>/dev/null && rust_has_wasm; }; then
                echo "WebAssembly toolchain: $(rustc --version) with its own target"
                wasm_cargo=(env RUSTC_BOOTSTRAP=1 cargo)
                wasm_std=()
                return
            fi
            [[ ${EMOFUSE_WASM_TOOLCHAIN:-any} == any ]] || fail "rustup cannot add the target wasm32-unknown-unknown"
            ;;
        debian) ;;
        *) fail "EMOFUSE_WASM_TOOLCHAIN is '$EMOFUSE_WASM_TOOLCHAIN'; it may be rustup or debian" ;;
    esac
    # Debian's packages hold the standard library's sources only, so it is compiled along.
    install_missing wasm-ld-19 lld-19
    dpkg -s rustc-web cargo-web rust-web-src rust-web-llvm >/dev/null 2>&1 ||
        install_packages rustc-web cargo-web rust-web-src rust-web-llvm
    echo "WebAssembly toolchain: Debian, $(/usr/bin/rustc --version)"
    wasm_cargo=(
        env RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 /usr/bin/cargo
    )
    wasm_std=(-Zbuild-std=std,panic_abort)
}

rust_has_wasm() {
    [[ -d $(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib ]]
}

# run_wasm_cargo FLAGS COMMAND...: cargo for the browser. Panics carry no place in the source and no path of this
# machine, which also makes the binaries smaller.
run_wasm_cargo() {
    local flags="-C target-feature=+simd128 -Z location-detail=none"
    flags+=" --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=crates --remap-path-prefix=$PWD=emofuse$1"
    local action=$2
    shift 2
    RUSTFLAGS=$flags "${wasm_cargo[@]}" "$action" "${wasm_std[@]}" --target wasm32-unknown-unknown \
        --target-dir "$EMOFUSE_CACHE/target-wasm" "$@"
}

# The crate of each program, what cargo is to look at, and how far wasm-opt goes.
wasm_program() {
    case $1 in
        cpu) program_package=(--package emofuse-engine-wasm --features flex) program_name=emofuse_engine_wasm program_level=-O3 ;;
        # Most of the GPU binary is host code that runs once for each kernel; its size is what a visitor waits for.
        webgpu) program_package=(--package emofuse-engine-wasm --features webgpu) program_name=emofuse_engine_wasm program_level=-Oz ;;
        decoder) program_package=(--package emofuse-decoder-wasm) program_name=emofuse_decoder_wasm program_level=-O3 ;;
        posts) program_package=(--package emofuse-posts-wasm) program_name=emofuse_posts_wasm program_level=-Oz ;;
        *) fail "unknown program '$1'; there are cpu, webgpu, decoder and posts" ;;
    esac
}

# The native tests never see src/wasm; this compiles it without making a binary.
check_wasm() {
    local kind
    wasm_toolchain
    for kind in cpu webgpu decoder posts; do
        wasm_program "$kind"
        run_wasm_cargo " -D warnings" check "${program_package[@]}"
    done
}

# build_wasm cpu|webgpu|decoder|posts: the desk's program is part of the page, the others are part of the package.
build_wasm() {
    local kind=$1 out=pkg/wasm/$1 name=emofuse
    [[ $kind != posts ]] || { out=www/wasm/posts name=posts; }
    wasm_program "$kind"
    wasm_toolchain
    install_wasm_tools
    run_wasm_cargo "" build --profile "wasm-$kind" "${program_package[@]}"

    rm -rf "$out"
    "$tools/bin/wasm-bindgen" --target web --remove-name-section --remove-producers-section --out-dir "$out" \
        --out-name "$name" "$EMOFUSE_CACHE/target-wasm/wasm32-unknown-unknown/wasm-$kind/$program_name.wasm"
    rm -f "$out/${name}_bg.wasm.d.ts"
    optimise_wasm "$program_level" "$out/${name}_bg.wasm"
    [[ $kind == posts ]] || node tools/constructors.mjs "$tools/node_modules/binaryen" "$out/${name}_bg.wasm"
    refuse_local_paths "$out/${name}_bg.wasm"
    node tools/package-manifest.mjs write "$kind"
    size_report "$out/${name}_bg.wasm"
}

# reproduce [KIND...] [--revision REVISION]: says of each program whether a build of the committed sources gives the
# committed files. The checkout and what is compiled are in a folder of their own, so that nothing of this one is in it.
reproduce() {
    local revision=HEAD kinds=() kind file there found failed=0
    while (($#)); do
        case $1 in
            --revision) revision=${2:?--revision needs a revision} && shift ;;
            *) wasm_program "$1" && kinds+=("$1") ;;
        esac
        shift
    done
    ((${#kinds[@]})) || kinds=(decoder posts cpu webgpu)
    wasm_toolchain
    install_wasm_tools
    there=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$there'" EXIT
    git clone --quiet --no-local --no-hardlinks . "$there/checkout"
    git -C "$there/checkout" checkout --quiet --detach "$(git rev-parse "$revision")"
    mkdir "$there/cache"
    ln -s "$tools" "$there/cache/tools"
    for kind in "${kinds[@]}"; do
        local files=("pkg/wasm/$kind/emofuse_bg.wasm" "pkg/wasm/$kind/emofuse.js")
        [[ $kind != posts ]] || files=(www/wasm/posts/posts_bg.wasm www/wasm/posts/posts.js)
        echo "=== $kind"
        if ! (cd "$there/checkout" && rm -f "${files[@]}" &&
            env -u CARGO_TARGET_DIR -u EMOFUSE_PARTS EMOFUSE_CACHE="$there/cache" ./build.sh build "$kind") \
            >"$there/log" 2>&1; then
            tail -n 40 "$there/log"
            fail "the $kind program cannot be built in a clean checkout"
        fi
        for file in "${files[@]}"; do
            found=$(sha256sum <"$there/checkout/$file" | cut -d' ' -f1)
            if [[ $found == "$(git show "$revision:$file" | sha256sum | cut -d' ' -f1)" ]]; then
                echo "$found  $file: the same"
            else
                echo "$found  $file: NOT the committed $(git show "$revision:$file" | sha256sum | cut -d' ' -f1)"
                failed=1
            fi
        done
    done
    ((failed == 0)) || fail "not every program is reproduced; the committed ones were built with another toolchain, or from other sources"
}

install_wasm_tools() {
    "$tools/bin/wasm-bindgen" --version 2>/dev/null | grep -q " $wasm_bindgen_version$" ||
        CARGO_TARGET_DIR=$tools/target cargo install wasm-bindgen-cli --version "$wasm_bindgen_version" --root "$tools"
    grep -qs "\"version\": \"$binaryen_version\"" "$tools/node_modules/binaryen/package.json" ||
        npm install --silent --no-save --prefix "$tools" "binaryen@$binaryen_version"
}

optimise_wasm() {
    echo "wasm-opt $1"
    # Nothing lies below 1 KB: the stack begins at 1 MB and grows down, the data follow above it. So an address and a
    # constant can be added where memory is read, which saves some hundredths of the time of the image's network.
    "$tools/node_modules/.bin/wasm-opt" "$1" --low-memory-unused --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int \
        --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue "$2" -o "$2.optimised"
    mv "$2.optimised" "$2"
}

refuse_local_paths() {
    local path
    for path in "$PWD" "${CARGO_HOME:-$HOME/.cargo}" "$HOME/"; do
        ! grep -qaF "$path" "$1" || fail "$1 holds paths of this machine ($path)"
    done
}

size_report() {
    printf '%s: %d bytes, %d with gzip\n' "$1" "$(wc -c <"$1")" "$(gzip -9c "$1" | wc -c)"
}
