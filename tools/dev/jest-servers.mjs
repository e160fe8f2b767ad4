export default async function startServers() {}
