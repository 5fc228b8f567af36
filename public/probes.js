// Every way out of a page that anyone could try, each as a function of the origin to reach. `prove.js` runs them and shows
// what the browser said; a test runs them against an origin that counts, with the seal and without it.
const put = (name, properties) => {
  const element = Object.assign(document.createElement(name), properties);
  document.body.append(element);
  return element;
};

const send = (to) => {
  const request = new XMLHttpRequest();
  request.open("GET", to);
  request.send();
};

const inWorker = (to) =>
  new Promise((answered) => {
    const worker = new Worker("probe-worker.js");
    worker.onmessage = ({ data }) => answered(data);
    worker.postMessage(to);
  });

const inService = async (to) => {
  const { active } = await navigator.serviceWorker.ready;
  const answered = new Promise((done) =>
    navigator.serviceWorker.addEventListener("message", ({ data }) => done(data), { once: true }),
  );
  navigator.serviceWorker.startMessages();
  active.postMessage({ try: to });
  return answered;
};

/** `[name, whether it leaves the page where it is not stopped, how]`; what each of them is, the page says. */
export const PROBES = [
  ["fetch", false, (to) => fetch(to, { mode: "no-cors" })],
  ["xhr", false, send],
  ["websocket", false, (to) => void new WebSocket(to.replace("http", "ws"))],
  ["webtransport", false, (to) => new WebTransport(to.replace("http:", "https:")).ready],
  ["beacon", false, (to) => void navigator.sendBeacon(to, "x")],
  ["ping", false, (to) => put("a", { href: "#ping", ping: to }).click()],
  ["image", false, (to) => void put("img", { src: to, alt: "" })],
  ["stylesheet", false, (to) => void put("link", { rel: "stylesheet", href: to })],
  ["font", false, (to) => new FontFace("probe", `url("${to}")`).load()],
  ["form", false, (to) => put("form", { action: to, method: "post" }).submit()],
  ["prefetch", false, (to) => void put("link", { rel: "prefetch", href: to })],
  ["worker", false, inWorker],
  ["service", false, inService],
  ["navigation", true, (to) => void (location.href = to)],
];

/** What no policy of today's browsers stops: a peer connection to an address that somebody names. */
export async function peer(to) {
  const { hostname, port } = new URL(to);
  const connection = new RTCPeerConnection();
  connection.createDataChannel("probe");
  await connection.setLocalDescription(await connection.createOffer());
  const answer = [
    "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=ice-ufrag:probe", "a=ice-pwd:probeprobeprobeprobeprobe", "a=setup:active", "a=mid:0",
    `a=fingerprint:sha-256 ${Array(32).fill("AA").join(":")}`,
    `a=candidate:1 1 udp 2122260223 ${hostname} ${port || 443} typ host`, "",
  ];
  await connection.setRemoteDescription({ type: "answer", sdp: answer.join("\r\n") });
}
