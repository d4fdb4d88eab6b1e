export type TrustedTypes = {
    createPolicy(name: string, rules: {
        createScriptURL(address: string): string;
    }): unknown;
};
