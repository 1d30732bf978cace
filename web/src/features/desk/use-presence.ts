// Tells colleagues that this conversation is open here, and hears who else has it open, who types, and whether the client does.
// Invariant: whoever watches silently hears all of it and says nothing.
import { useCallback, useEffect, useRef, useState } from "react";
import { live } from "@/api/live.ts";
import { useMe } from "@/api/me.ts";
import type { Id } from "@/api/types.ts";
import { type Face, faces, hear, isNew, type Viewer } from "./presence.ts";

const page = crypto.randomUUID();
const announceEvery = 20_000;
const typingLasts = 5_000;
const clientTypingLasts = 6_000;

export interface Presence {
  faces: Face[];
  clientTyping: boolean;
  /** Something has been typed here. */
  typed: () => void;
  /** What was typed has been sent or given up. */
  typedNothing: () => void;
}

export function usePresence(conversationId: Id, silent: boolean): Presence {
  const me = useMe();
  const viewers = useRef<readonly Viewer[]>([]);
  const typing = useRef(false);
  const quiet = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [shown, setShown] = useState<Face[]>([]);
  const [clientTyping, setClientTyping] = useState(false);

  const announce = useCallback(() => {
    if (silent) return;
    live.send({ type: "presence", conversation_id: conversationId, typing: typing.current, page });
  }, [conversationId, silent]);

  useEffect(() => {
    let clientTimer: ReturnType<typeof setTimeout> | undefined;
    viewers.current = [];
    const show = () => {
      const next = faces(viewers.current, me.id, Date.now());
      setShown((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
    };
    show();
    setClientTyping(false);
    const stopWhispers = live.onWhisper((whisper) => {
      if (whisper.conversation_id !== conversationId) return;
      if (whisper.type === "client_typing") {
        setClientTyping(true);
        clearTimeout(clientTimer);
        clientTimer = setTimeout(() => setClientTyping(false), clientTypingLasts);
        return;
      }
      if (whisper.page === page) return;
      const newcomer = isNew(viewers.current, whisper);
      viewers.current = hear(viewers.current, whisper, Date.now());
      show();
      if (newcomer) announce();
    });
    // A message of the client ends his typing.
    const stopEvents = live.onEvent((event) => {
      if (event.conversation_id === conversationId && event.kind === "message_created")
        setClientTyping(false);
    });
    const stopStatus = live.onStatus(announce);
    const timer = setInterval(() => {
      announce();
      show();
    }, announceEvery);
    const leave = () => {
      if (!silent) live.send({ type: "presence_left", conversation_id: conversationId, page });
    };
    window.addEventListener("pagehide", leave);
    announce();
    return () => {
      leave();
      window.removeEventListener("pagehide", leave);
      clearInterval(timer);
      clearTimeout(clientTimer);
      clearTimeout(quiet.current);
      typing.current = false;
      stopWhispers();
      stopEvents();
      stopStatus();
    };
  }, [conversationId, me.id, announce, silent]);

  const typedNothing = useCallback(() => {
    clearTimeout(quiet.current);
    if (!typing.current) return;
    typing.current = false;
    announce();
  }, [announce]);
  const typed = useCallback(() => {
    clearTimeout(quiet.current);
    quiet.current = setTimeout(typedNothing, typingLasts);
    if (typing.current) return;
    typing.current = true;
    announce();
  }, [announce, typedNothing]);

  return { faces: shown, clientTyping, typed, typedNothing };
}
