export const npmPackages: readonly string[];
export function run(command: string, args: readonly string[], cwd: string): string;
export function packNpmPackage(folder: string, destination: string, repository?: string): string;
