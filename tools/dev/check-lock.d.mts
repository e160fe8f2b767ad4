interface Lock {
  packages: Record<string, object>;
}
export function lockProblems(lock: Lock): string[];
export function missingWorkspaces(lock: Lock, folders: readonly string[]): string[];
