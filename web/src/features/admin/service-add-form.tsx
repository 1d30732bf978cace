// Adds a service or a catalogue by its name; the field stays for the next one.
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import styles from "./services.module.css";

interface Props {
  label: string;
  placeholder: string;
  onAdd: (name: string) => Promise<unknown>;
  testId: string;
}

export function AddForm({ label, placeholder, onAdd, testId }: Props) {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "") return;
        setBusy(true);
        onAdd(name.trim())
          .then(() => setName(""))
          .catch(() => undefined)
          .finally(() => setBusy(false));
      }}
    >
      <TextInput
        aria-label={label}
        placeholder={placeholder}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid={`${testId}-name`}
      />
      <Button
        type="submit"
        variant="default"
        leftSection={<IconPlus size={18} stroke={1.5} />}
        loading={busy}
        disabled={name.trim() === ""}
        data-testid={`${testId}-add`}
      >
        {label}
      </Button>
    </form>
  );
}
