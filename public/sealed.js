/** Whether this page came through the service worker, which then says so; being claimed later is not the same. */
export const isSealed = performance
  .getEntriesByType("navigation")
  .some(({ serverTiming }) => serverTiming?.some(({ name }) => name === "sealed"));
