export function readSummary(...files: string[]): string;
