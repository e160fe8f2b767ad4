import { InMemoryLongPollPeers } from './in-memory-long-poll-peers.js';
import { longPollPeersContract } from './long-poll-peers.contract.js';

const peers = new InMemoryLongPollPeers();
longPollPeersContract(
  'memory',
  () => peers,
  () => peers,
);
