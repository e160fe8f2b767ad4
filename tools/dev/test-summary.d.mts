export function readSummary(file: string): string;
