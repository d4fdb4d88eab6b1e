#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| emofuse_inputs::model::model(bytes));
