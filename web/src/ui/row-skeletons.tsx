// The shape of a list of cards that is on its way.
import { Skeleton } from "@mantine/core";
import { Delayed } from "./states.tsx";

export function RowSkeletons({ count, height = 68 }: { count: number; height?: number }) {
  return (
    <Delayed>
      <div style={{ display: "grid", gap: 8 }} aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
          <Skeleton key={index} height={height} radius="md" />
        ))}
      </div>
    </Delayed>
  );
}
