# What has to be on the machine. Sourced by build.sh.
#
# On Debian and its kin what is missing is installed with apt; elsewhere it is named. `demo` and `page` install nothing.

# The oldest Rust that burn compiles with.
rust_minimum=1.95
cargo_deny_version=0.20.2
tools=$EMOFUSE_CACHE/tools

# Names what is missing instead of installing it: whoever only wants to look needs no rights on the machine.
need_node() {
    local name missing=()
    for name in node npm; do command -v "$name" >/dev/null || missing+=("$name"); done
    ((${#missing[@]})) || return 0
    echo "build.sh: please install ${missing[*]}: https://nodejs.org has both; on Debian, apt-get install nodejs npm" >&2
    exit 2
}

install_node() {
    install_missing node nodejs npm npm
}

install_for_tests() {
    install_missing node nodejs npm npm pip3 python3-pip chromium chromium fc-list fontconfig
    # Without them text has no width and emoji are boxes, and a page is tested that nobody sees.
    fc-list | grep -qi dejavu || install_packages fonts-dejavu-core
    fc-list | grep -qi 'color *emoji' || install_packages fonts-noto-color-emoji
    # A Vulkan driver for the kernels of graphics cards; lavapipe, which comes with it, needs no card.
    compgen -G '/usr/share/vulkan/icd.d/*.json' >/dev/null || install_packages mesa-vulkan-drivers
}

install_for_consumers() {
    [[ tests/consumers/node_modules/.package-lock.json -nt tests/consumers/package-lock.json ]] ||
        npm ci --prefix tests/consumers --ignore-scripts --no-fund --no-audit
}

# The packages of tests/bench; and, to write the networks, onnx for ONNX files, tflite and flatbuffers for LiteRT's.
install_for_bench() {
    [[ tests/bench/node_modules/.package-lock.json -nt tests/bench/package-lock.json ]] ||
        npm ci --prefix tests/bench --no-fund --no-audit || return
    local python=$EMOFUSE_CACHE/bench/python
    [[ -d $python/onnx && -d $python/tflite ]] ||
        python3 -m pip install --quiet --upgrade --target "$python" onnx==1.23.2 numpy tflite==2.18.0 flatbuffers==25.12.19
}

# install_for_scale [PART...]: GNU parallel; Java and PySpark, half a gigabyte, for the part that needs them.
install_for_scale() {
    install_missing python3 python3 pip3 python3-pip parallel parallel
    (($# == 0)) || [[ " $* " == *" spark "* ]] || return 0
    install_missing java default-jre-headless
    [[ -d $EMOFUSE_CACHE/scale/python/pyspark ]] ||
        python3 -m pip install --quiet --target "$EMOFUSE_CACHE/scale/python" pyspark==4.3.0
}

# Takes the first Rust that is new enough, or installs one, and puts it first on the PATH.
install_rust() {
    install_missing cc build-essential
    local bin
    for bin in "$(dirname "$(command -v cargo || echo /none/cargo)")" "$HOME/.cargo/bin" /usr/bin; do
        if rust_is_new_enough "$bin/cargo" && rust_is_new_enough "$bin/rustc"; then
            export PATH=$bin:$PATH
            echo "Rust: $("$bin/rustc" --version) in $bin"
            return
        fi
    done
    if command -v rustup >/dev/null; then
        rustup toolchain install "$rust_minimum" --profile minimal --component clippy,rustfmt
        export RUSTUP_TOOLCHAIN=$rust_minimum
    else
        # Debian's own Rust is older; these packages follow the browsers it ships.
        install_packages cargo-web rustc-web rust-web-clippy rustfmt-web
        export PATH=/usr/bin:$PATH
    fi
    rust_is_new_enough cargo || fail "Rust $rust_minimum or newer is needed; https://rustup.rs installs it"
}

# Compiled fast rather than to be fast: about a minute on two cores, once. Its binaries are on GitHub only.
install_cargo_deny() {
    "$tools/bin/cargo-deny" --version 2>/dev/null | grep -q " $cargo_deny_version$" && return
    echo "compiling cargo-deny"
    CARGO_PROFILE_DEV_DEBUG=false CARGO_TARGET_DIR=$tools/target-deny \
        cargo install cargo-deny --version "$cargo_deny_version" --locked --debug --quiet --root "$tools"
    rm -rf "$tools/target-deny"
}

rust_is_new_enough() {
    local version
    version=$("$1" --version 2>/dev/null | cut -d' ' -f2) || return 1
    [[ $(printf '%s\n' "$rust_minimum" "$version" | sort -V | head -n1) == "$rust_minimum" ]]
}

# install_missing COMMAND PACKAGE ...: installs the packages whose commands are absent.
install_missing() {
    local packages=()
    while (($#)); do
        command -v "$1" >/dev/null || packages+=("$2")
        shift 2
    done
    ((${#packages[@]} == 0)) || install_packages "${packages[@]}"
}

install_packages() {
    local as_root=()
    command -v apt-get >/dev/null || fail "please install: $* (Debian's names)"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "please run as root: apt-get install $*"
        as_root=(sudo)
    fi
    echo "installing $*"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
