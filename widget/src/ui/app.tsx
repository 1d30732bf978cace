// The whole widget: the button, the bubble and the panel.

import { useEffect, useRef, useState } from "preact/hooks";
import { palette } from "../colour.ts";
import { isBegun, isSmall, screenOf } from "../shell.ts";
import { Confirm } from "./confirm.tsx";
import { useChat, useShell, useSurroundings } from "./context.ts";
import { Conversation } from "./conversation.tsx";
import { Header } from "./header.tsx";
import { Home } from "./home.tsx";
import { Launcher, TeaserBubble } from "./launcher.tsx";
import { StartForm } from "./start-form.tsx";

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea, audio, video, [tabindex='0'], [tabindex='-1'][role=menuitem]";

export function App({ theme }: { theme: string }) {
  const { chat, shell, t } = useSurroundings();
  const { config } = useChat();
  const { open, place } = useShell();
  const launcher = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  // The panel is made when it is first needed and then kept, with everything typed into it.
  const [made, setMade] = useState(open);
  const [finishing, setFinishing] = useState(false);
  const small = useMatch(isSmall);
  const prefersDark = useMatch(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const dark = theme === "dark" || (theme === "auto" && prefersDark);
  const { desktop, mobile } = config.offsets;
  const covers = small && config.mobile_full_screen;
  const screen = screenOf(chat, place);
  // Nobody there and nothing to be left: no button either, except for who has already written.
  const away = !config.online && config.offline.mode === "hide" && !open && !isBegun(chat);

  useEffect(() => {
    if (open) setMade(true);
  }, [open]);

  // The focus goes into the chat with the visitor who opened it and back to the button after.
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current === open) return;
    wasOpen.current = open;
    if (!open) launcher.current?.focus();
    else if (input.current && !matchMedia("(pointer: coarse)").matches) input.current.focus();
    else panel.current?.focus();
  }, [open]);

  useEffect(() => {
    if (!open || !covers) return;
    const { style } = document.documentElement;
    const before = style.overflow;
    style.overflow = "hidden";
    return () => {
      style.overflow = before;
    };
  }, [open, covers]);

  useKeyboardHeight(panel.current, open && covers);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      shell.close();
    } else if (event.key === "Tab" && covers) {
      keepFocus(event, panel.current);
    }
    // The site's own keyboard shortcuts must not hear what is typed here.
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are heard here on their way out of the widget.
    <div
      class={`widget ${config.corner === "left" ? "left" : "right"} ${dark ? "dark" : ""}`}
      style={{
        ...palette(config.color, dark ? "dark" : "light"),
        "--desktop-x": `${desktop.x}px`,
        "--desktop-y": `${desktop.y}px`,
        "--mobile-x": `${mobile.x}px`,
        "--mobile-y": `${mobile.y}px`,
      }}
      onKeyDown={onKeyDown}
    >
      {(made || open) && (
        <div
          class={covers ? "panel panel-covers" : "panel"}
          role="dialog"
          aria-modal={covers}
          aria-labelledby="title"
          tabIndex={-1}
          hidden={!open}
          ref={panel}
        >
          <Header screen={screen} onFinish={() => setFinishing(true)} />
          {screen === "home" && <Home />}
          {(screen === "form" || screen === "mail") && <StartForm mail={screen === "mail"} key={screen} />}
          {screen === "chat" && <Conversation input={input} />}
          {finishing && (
            <Confirm
              question={t("finish_question")}
              action={t("finish")}
              run={() => chat.finish().catch(() => shell.set({ notice: t("failed") }))}
              close={() => {
                setFinishing(false);
                input.current?.focus();
              }}
            />
          )}
        </div>
      )}
      {!away && <TeaserBubble />}
      {!(open && covers) && !away && <Launcher button={launcher} />}
    </div>
  );
}

/** Asked again whenever the window or the device's theme changes. */
function useMatch(ask: () => boolean): boolean {
  const [answer, setAnswer] = useState(ask);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question never changes.
  useEffect(() => {
    const again = () => setAnswer(ask());
    const theme = matchMedia("(prefers-color-scheme: dark)");
    addEventListener("resize", again);
    theme.addEventListener("change", again);
    return () => {
      removeEventListener("resize", again);
      theme.removeEventListener("change", again);
    };
  }, []);
  return answer;
}

/** On a phone the on-screen keyboard covers the page; the panel then takes what is left of it. */
function useKeyboardHeight(panel: HTMLElement | null, covers: boolean): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!panel || !covers || !view) return;
    const adapt = () => {
      panel.style.height = `${view.height}px`;
      panel.style.top = `${view.offsetTop}px`;
    };
    adapt();
    view.addEventListener("resize", adapt);
    view.addEventListener("scroll", adapt);
    return () => {
      view.removeEventListener("resize", adapt);
      view.removeEventListener("scroll", adapt);
      panel.style.height = "";
      panel.style.top = "";
    };
  }, [panel, covers]);
}

function keepFocus(event: KeyboardEvent, panel: HTMLElement | null): void {
  if (!panel) return;
  const all = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.offsetParent !== null);
  const root = panel.getRootNode() as ShadowRoot;
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (root.activeElement !== edge && root.activeElement !== panel) return;
  if (root.activeElement === panel && !event.shiftKey) return;
  event.preventDefault();
  (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
}
