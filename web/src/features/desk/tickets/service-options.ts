// The services that can be chosen, by their catalogues; one that a ticket has already stays to be seen.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Id, Ticket } from "@/api/types.ts";
import { servicesQuery } from "./queries.ts";

type ServiceRef = NonNullable<Ticket["service"]>;

export function useServiceOptions(current: ServiceRef | null = null) {
  const { t } = useTranslation();
  const { data } = useQuery(servicesQuery);
  const offered: { catalogue: string; services: ServiceRef[] }[] = (data?.items ?? [])
    .filter((folder) => !folder.archived)
    .map(({ name, services }) => ({
      catalogue: name,
      services: services
        .filter((service) => !service.archived)
        .map((service) => ({ id: service.id, name: service.name, catalogue: name })),
    }))
    .filter(({ services }) => services.length > 0);
  const all = offered.flatMap(({ services }) => services);
  const missing = current && !all.some(({ id }) => id === current.id) ? current : null;
  return {
    /** False where nothing was set up: then nobody is asked. */
    some: all.length > 0 || current !== null,
    options: [
      { value: "", label: t("desk:ticket.noService") },
      ...(missing ? [{ value: missing.id, label: missing.name }] : []),
      ...offered.map(({ catalogue, services }) => ({
        group: catalogue,
        items: services.map(({ id, name }) => ({ value: id, label: name })),
      })),
    ],
    find: (id: Id): ServiceRef | null => all.find((service) => service.id === id) ?? null,
  };
}
