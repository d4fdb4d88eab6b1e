// Makes the constructors of a WebAssembly module run once.
//
//     node tools/constructors.mjs BINARYEN FILE
//
// Where a program has constructors (what burn's kernels are made of registers itself with the crate `inventory`),
// wasm-ld takes it for one that ends after its first call, and calls all of them in each exported function,
// https://github.com/dtolnay/inventory/pull/76. wasm-bindgen calls exported functions for every object that is handed
// over: thousands of times a post, thousands of constructors each time. This puts a condition before them. BINARYEN is
// the folder of that npm package, which is among the tools and not in this repository's node_modules.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, file] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(join(folder, 'index.js')).href);
const { none, i32 } = binaryen;

/** As wasm-ld calls an exported function with the constructors in it. This one does little else. */
const WRAPPED = '__externref_table_alloc_command_export';

const module = binaryen.readBinary(await readFile(file));
const { SIMD128, BulkMemory, BulkMemoryOpt, NontrappingFPToInt, SignExt, MutableGlobals, ReferenceTypes, Multivalue } =
    binaryen.Features;
module.setFeatures(
    SIMD128 | BulkMemory | BulkMemoryOpt | NontrappingFPToInt | SignExt | MutableGlobals | ReferenceTypes | Multivalue,
);
const wrapped = module.getExport(WRAPPED);
if (wrapped) await putConditionBefore(constructorsOf(binaryen.getExportInfo(wrapped).value));
console.log(`${file}: ${wrapped ? 'its constructors run once' : 'it has no constructors'}`);

/** The constructors are called first of all, as one function that neither takes nor gives anything. */
function constructorsOf(name) {
    let first = binaryen.Function.getBody(module.getFunction(name));
    while (binaryen.getExpressionId(first) === binaryen.BlockId) first = binaryen.Block.getChildAt(first, 0);
    const isCall = binaryen.getExpressionId(first) === binaryen.CallId && binaryen.Call.getNumOperands(first) === 0;
    if (!isCall || binaryen.Expression.getType(first) !== none)
        throw new Error(`${file}: ${WRAPPED} does not begin with the constructors`);
    return module.getFunction(binaryen.Call.getTarget(first));
}

async function putConditionBefore(constructors) {
    const body = binaryen.Function.getBody(constructors);
    module.addGlobal('constructed', i32, true, module.i32.const(0));
    const once = [
        module.if(module.global.get('constructed', i32), module.return()),
        module.global.set('constructed', module.i32.const(1)),
        body,
    ];
    binaryen.Function.setBody(constructors, module.block(null, once, none));
    if (!module.validate()) throw new Error(`${file} is not valid any more`);
    await writeFile(file, module.emitBinary());
}
