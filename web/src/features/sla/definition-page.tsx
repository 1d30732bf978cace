// The page of a record with a name and a definition: what it shows while the record is fetched, and how it is saved.
// Policies, schedules, OLAs and routes are such records.
import { type QueryKey, type UseQueryResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, post } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { type Faults, faultsOf } from "./schedule-model.ts";

interface PageProps<T> {
  /** None: there is nothing to fetch first. */
  query?: UseQueryResult<T>;
  title: string;
  wide?: boolean;
  children: (data: T | undefined) => ReactNode;
}

export function DefinitionPage<T>({ query, title, wide = false, children }: PageProps<T>) {
  let shown: ReactNode;
  if (!query || query.data) shown = children(query?.data);
  else if (query.error) shown = <ErrorState error={query.error} retry={() => void query.refetch()} />;
  else {
    shown = (
      <PageFrame wide={wide} title={title}>
        <RowSkeletons count={4} />
      </PageFrame>
    );
  }
  return <Allowed need="lines.manage">{shown}</Allowed>;
}

interface Options<Values, Saved> {
  /** Of the API: a record is at `path/id`. */
  path: string;
  /** The key of the list; a record's own has its id behind. */
  listKey: QueryKey;
  saved: Saved | null;
  /** What the form begins with. */
  values: Values;
  said: { saved: string; nameMissing: string };
  onMade: (id: Id) => void;
  onLeave: () => void;
}

export function useDefinition<Values extends { name: string }, Saved extends { id: Id }>({
  path,
  listKey,
  saved,
  values,
  said,
  onMade,
  onLeave,
}: Options<Values, Saved>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm(values);
  const [faults, setFaults] = useState<Faults>({});
  const refused = (error: Error) => {
    form.fail(error);
    if (error instanceof ApiError) setFaults(faultsOf(error.fields, "definition."));
  };
  const save = useMutation({
    /** `more`: what a change says beside the record's values. */
    mutationFn: (more: object) =>
      saved
        ? patch<Saved>(`${path}/${saved.id}`, { ...form.changed, ...more })
        : post<Saved>(path, form.values),
    onSuccess: (next) => {
      client.setQueryData([...listKey, next.id], next);
      void client.invalidateQueries({ queryKey: listKey, exact: true });
      setFaults({});
      form.reset();
      notifyDone(said.saved);
      if (!saved) onMade(next.id);
    },
    onError: refused,
  });
  return {
    form,
    faults,
    setFaults,
    save,
    refused,
    /** Whether it may be sent: nothing is without a name. */
    isNamed: () => form.complain({ name: form.values.name.trim() === "" ? said.nameMissing : undefined }),
    /** What the bar below the page shows. */
    bar: {
      dirty: form.dirty,
      fresh: !saved && !save.isSuccess,
      saving: save.isPending || (!saved && save.isSuccess),
      onReset: () => {
        setFaults({});
        if (saved) form.reset();
        else onLeave();
      },
      error: Object.keys(faults).length > 0 ? t("common:checkFields") : form.message,
    },
  };
}
