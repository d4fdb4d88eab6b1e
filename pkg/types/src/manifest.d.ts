declare const _default: {
    stamp: string;
    model: {
        file: string;
        bytes: number;
        sha256: string;
        beginnings: {
            bytes: number;
            sha256: string;
        }[];
    };
    large: {
        file: string;
        bytes: number;
        sha256: string;
    };
    wasm: {
        cpu: {
            file: string;
            bytes: number;
            sha256: string;
            glue: {
                file: string;
                bytes: number;
                sha256: string;
            };
            sources: string;
        };
        webgpu: {
            file: string;
            bytes: number;
            sha256: string;
            glue: {
                file: string;
                bytes: number;
                sha256: string;
            };
            sources: string;
        };
        decoder: {
            file: string;
            bytes: number;
            sha256: string;
            glue: {
                file: string;
                bytes: number;
                sha256: string;
            };
            sources: string;
        };
    };
};
export default _default;
