// Counts what a system asks of WebGPU in this worker, and times its compute passes on the device.
//
// A classic script that is run before the system's own, so that every system is measured the same way. It sets
// `webgpuCalls` on the worker's scope, and wraps WebGPU only if the worker's address has `counted`.
{
    const isCounted = new URL(self.location.href).searchParams.has('counted') && 'GPUDevice' in self;
    const NOTHING = {
        dispatches: 0,
        pipelines: 0,
        bind_groups: 0,
        passes: 0,
        submits: 0,
        writes: 0,
        bytes_written: 0,
        read_backs: 0,
    };
    /** Two timestamps for each pass. */
    const TIMESTAMPS = 4096;
    const READ = 1; // GPUMapMode.READ

    let counts = { ...NOTHING };
    /** Whether calls are the measurement's own. */
    let isOwn = false;
    /** The device of each command encoder. */
    const devices = new WeakMap();
    /** Whether a mapped buffer is written. */
    const writable = new WeakMap();
    /** Where the timestamps of the current run go; null if passes are not timed. */
    let timing = null;

    /** Calls `before` with what a method gets, which it may replace, and `after` with what the method gives. */
    function wrap(name, method, { before = () => {}, after = () => {} }) {
        const { prototype } = self[name];
        const original = prototype[method];
        prototype[method] = function (...given) {
            if (isOwn) return original.apply(this, given);
            const taken = before(this, given) ?? given;
            const result = original.apply(this, taken);
            after(this, taken, result);
            return result;
        };
    }

    const count = (what) => ({ before: () => void counts[what]++ });

    function written(bytes) {
        counts.writes += 1;
        counts.bytes_written += bytes;
    }

    function bytesOf([, , data, offset = 0, size]) {
        const width = ArrayBuffer.isView(data) && !(data instanceof DataView) ? data.BYTES_PER_ELEMENT : 1;
        return (size ?? data.byteLength / width - offset) * width;
    }

    /** Asks for timestamps around a pass, if its device has them and the pass has none. */
    function withTimestamps(encoder, [description = {}]) {
        const device = devices.get(encoder);
        if (!device?.features.has('timestamp-query') || description.timestampWrites) return null;
        timing.device ??= device;
        if (timing.device !== device || timing.used === TIMESTAMPS) return null;
        timing.set ??= device.createQuerySet({ type: 'timestamp', count: TIMESTAMPS });
        const begin = timing.used;
        timing.used += 2;
        const timestampWrites = {
            querySet: timing.set,
            beginningOfPassWriteIndex: begin,
            endOfPassWriteIndex: begin + 1,
        };
        return [{ ...description, timestampWrites }];
    }

    /** @returns {Promise<BigUint64Array>} */
    async function timestamps({ device, set, used }) {
        const size = 8 * used;
        const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
        const read = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
        const encoder = device.createCommandEncoder();
        encoder.resolveQuerySet(set, 0, used, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, read, 0, size);
        device.queue.submit([encoder.finish()]);
        await read.mapAsync(READ);
        const found = new BigUint64Array(read.getMappedRange().slice(0));
        for (const each of [resolved, read, set]) each.destroy();
        return found;
    }

    if (isCounted) {
        wrap('GPUAdapter', 'requestDevice', {
            before(adapter, [description = {}]) {
                if (!adapter.features.has('timestamp-query')) return null;
                const requiredFeatures = new Set([...(description.requiredFeatures ?? []), 'timestamp-query']);
                return [{ ...description, requiredFeatures: [...requiredFeatures] }];
            },
        });
        wrap('GPUDevice', 'createCommandEncoder', {
            after: (device, _, encoder) => void devices.set(encoder, device),
        });
        wrap('GPUDevice', 'createComputePipeline', count('pipelines'));
        wrap('GPUDevice', 'createComputePipelineAsync', count('pipelines'));
        wrap('GPUDevice', 'createBindGroup', count('bind_groups'));
        wrap('GPUCommandEncoder', 'beginComputePass', {
            before(encoder, given) {
                counts.passes += 1;
                return timing && withTimestamps(encoder, given);
            },
        });
        wrap('GPUComputePassEncoder', 'dispatchWorkgroups', count('dispatches'));
        wrap('GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', count('dispatches'));
        wrap('GPUQueue', 'submit', count('submits'));
        wrap('GPUQueue', 'writeBuffer', { before: (_, given) => void written(bytesOf(given)) });
        wrap('GPUQueue', 'writeTexture', { before: (_, [, data]) => void written(data.byteLength) });
        wrap('GPUDevice', 'createBuffer', {
            after: (_, [{ mappedAtCreation }], buffer) => void writable.set(buffer, Boolean(mappedAtCreation)),
        });
        wrap('GPUBuffer', 'mapAsync', {
            before(buffer, [mode]) {
                writable.set(buffer, mode !== READ);
                if (mode === READ) counts.read_backs += 1;
            },
        });
        wrap('GPUBuffer', 'getMappedRange', {
            after: (buffer, _, range) => void (writable.get(buffer) && written(range.byteLength)),
        });
    }

    self.webgpuCalls = {
        isCounted,

        /** The counts since they were taken last. */
        take() {
            const taken = counts;
            counts = { ...NOTHING };
            return taken;
        },

        /**
         * Times the compute passes of a run on the device: all of them added up, and from the first one's beginning to
         * the last one's end. A browser may round timestamps, for privacy.
         *
         * @param {() => Promise<unknown>} run
         * @returns {Promise<{ passes_ms: number, span_ms: number, rounded: boolean } | null>} Null without timestamps.
         */
        async timed(run) {
            timing = { used: 0 };
            const used = timing;
            await run();
            timing = null;
            if (!used.set) return null;
            isOwn = true;
            // Nothing else runs in this worker meanwhile: the system has answered.
            const found = await timestamps(used);
            isOwn = false;
            // A pass that was never handed over has none.
            const passes = Array.from({ length: used.used / 2 }, (_, pass) => found.subarray(2 * pass, 2 * pass + 2))
                .filter(([, end]) => end > 0n)
                .map((times) => Array.from(times, (time) => Number(time - found[0]) / 1e6));
            return {
                passes_ms: passes.reduce((sum, [begin, end]) => sum + end - begin, 0),
                span_ms: Math.max(...passes.map(([, end]) => end)) - Math.min(...passes.map(([begin]) => begin)),
                rounded: found.every((time) => time % 65536n === 0n || time % 100_000n === 0n),
            };
        },
    };
}
