export function lockProblems(lock: { packages: Record<string, object> }): string[];
