/** The hook for React: `import { useWebSocket } from "…/realtime/react.js"`. Nothing but React itself is needed. */
import { useCallback, useEffect, useRef, useState } from "react";

import { createUseWebSocket } from "./hook.js";

export const useWebSocket = createUseWebSocket({ useCallback, useEffect, useRef, useState });
