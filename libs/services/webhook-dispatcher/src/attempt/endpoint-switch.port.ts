/** Switches off endpoints that want nothing more. */
export interface EndpointSwitch {
  /** Switches an endpoint off with a reason for its owner; one that is off or gone is left so. */
  disable(projectId: string, endpointId: string, reason: string): Promise<void>;
}

/** Injection token of the process's endpoint switch. */
export const ENDPOINT_SWITCH = Symbol('EndpointSwitch');
