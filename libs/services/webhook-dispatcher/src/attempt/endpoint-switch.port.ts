/** Keeps what is known of an endpoint's health where its owner sees it. Each resolves to whether it changed anything. */
export interface EndpointSwitch {
  /** Switches an endpoint off with a reason for its owner; one that is off or gone is left so. */
  disable(projectId: string, endpointId: string, reason: string): Promise<boolean>;
  /** Notes since when nothing but failures came from an endpoint, unless that is noted already. */
  noteFailing(projectId: string, endpointId: string, at: Date): Promise<boolean>;
  /** Notes that an endpoint took a webhook. */
  noteHealthy(projectId: string, endpointId: string): Promise<boolean>;
}

/** Injection token of the process's endpoint switch. */
export const ENDPOINT_SWITCH = Symbol('EndpointSwitch');
