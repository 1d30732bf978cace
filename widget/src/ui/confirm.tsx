// A question before something that cannot be taken back.

import { useEffect, useRef } from "preact/hooks";
import { useSurroundings } from "./context.ts";

interface Props {
  question: string;
  action: string;
  run: () => void;
  close: () => void;
}

export function Confirm({ question, action, run, close }: Props) {
  const { t } = useSurroundings();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div
      class="confirm"
      role="alertdialog"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <p>{question}</p>
      <div>
        <button
          type="button"
          class="main-button"
          ref={first}
          onClick={() => {
            run();
            close();
          }}
        >
          {action}
        </button>
        <button type="button" class="text-button" onClick={close}>
          {t("cancel")}
        </button>
      </div>
    </div>
  );
}
