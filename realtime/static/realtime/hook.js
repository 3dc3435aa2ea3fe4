/**
 * `useWebSocket(userId)` for any library with React's hooks; react.js and preact.js bind it to theirs.
 * Imported by relative paths, so that an app that is not ours can take these files as they are.
 *
 * @import { Message } from "#realtime/types.js"
 * @import { Socket, SocketOptions } from "#realtime/socket.js"
 *
 * @typedef {object} Hooks
 * @property {<T>(initial: T) => [T, (next: T | ((previous: T) => T)) => void]} useState
 * @property {(effect: () => void | (() => void), inputs: unknown[]) => void} useEffect
 * @property {<T>(initial: T) => {current: T}} useRef
 * @property {<T extends Function>(callback: T, inputs: unknown[]) => T} useCallback
 *
 * @typedef {object} Live
 * @property {Message[]} messages all that came, oldest first
 * @property {boolean} isConnected
 * @property {(message: object) => void} sendMessage goes nowhere while there is no connection
 * @property {(tripId: string) => void} joinTrip stays joined: also after a reconnect
 * @property {(tripId: string) => void} leaveTrip
 *
 * @typedef {(userId: string, options?: Partial<SocketOptions> & {keep?: number}) => Live} UseWebSocket
 */
import { createSocket } from "./socket.js";

/** Answers to our own pings are no news. */
const SILENT = "pong";

/**
 * The hook. Of its options only `url` (another host, or another path than `/api/v1/ws/<userId>`) and `keep` (how many
 * messages to hold, 1,000) may change from one rendering to the next; the others count when it connects.
 * @param {Hooks} hooks
 * @returns {UseWebSocket}
 */
export function createUseWebSocket({ useState, useEffect, useRef, useCallback }) {
  return function useWebSocket(userId, { keep = 1_000, ...options } = {}) {
    const [messages, setMessages] = useState(/** @type {Message[]} */ ([]));
    const [isConnected, setIsConnected] = useState(false);
    const socket = useRef(/** @type {Socket | null} */ (null));
    // Each with whether the socket has just entered it again by itself.
    const trips = useRef(/** @type {Map<string, boolean>} */ (new Map()));
    const { url = `/api/v1/ws/${encodeURIComponent(userId)}` } = options;

    useEffect(() => {
      const current = createSocket({ ...options, url });
      socket.current = current;
      current.onState((state) => {
        for (const tripId of trips.current.keys()) trips.current.set(tripId, state === "open");
        setIsConnected(state === "open");
      });
      current.on("*", (message) => {
        if (message.type !== SILENT) setMessages((before) => [...before, message].slice(-keep));
      });
      for (const tripId of trips.current.keys()) current.join(tripId);
      return () => {
        current.close();
        socket.current = null;
        setIsConnected(false);
      };
    }, [userId, String(url)]);

    const sendMessage = useCallback((/** @type {object} */ message) => void socket.current?.send(message), []);
    const joinTrip = useCallback((/** @type {string} */ tripId) => {
      // An app that joins whenever it is connected says twice what a reconnect has already done.
      if (!trips.current.get(tripId)) socket.current?.join(tripId);
      trips.current.set(tripId, false);
    }, []);
    const leaveTrip = useCallback((/** @type {string} */ tripId) => {
      trips.current.delete(tripId);
      socket.current?.leave(tripId);
    }, []);
    return { messages, isConnected, sendMessage, joinTrip, leaveTrip };
  };
}
