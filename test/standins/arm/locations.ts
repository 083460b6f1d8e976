/** Some of Azure's regions, with their pair and whether they have availability zones. */
export const LOCATIONS = [
  { name: 'westeurope', displayName: 'West Europe', paired: 'northeurope', zones: true },
  { name: 'northeurope', displayName: 'North Europe', paired: 'westeurope', zones: true },
  { name: 'germanywestcentral', displayName: 'Germany West Central', paired: 'germanynorth', zones: true },
  { name: 'germanynorth', displayName: 'Germany North', paired: 'germanywestcentral', zones: false },
  { name: 'francecentral', displayName: 'France Central', paired: 'francesouth', zones: true },
  { name: 'swedencentral', displayName: 'Sweden Central', paired: 'swedensouth', zones: true },
  { name: 'uksouth', displayName: 'UK South', paired: 'ukwest', zones: true },
  { name: 'ukwest', displayName: 'UK West', paired: 'uksouth', zones: false },
  { name: 'eastus', displayName: 'East US', paired: 'westus', zones: true },
  { name: 'eastus2', displayName: 'East US 2', paired: 'centralus', zones: true },
  { name: 'westus', displayName: 'West US', paired: 'eastus', zones: false },
  { name: 'centralus', displayName: 'Central US', paired: 'eastus2', zones: true },
] as const;

/** West Europe and westeurope are the same place. */
export const locationName = (text: string) => text.replaceAll(' ', '').toLowerCase();

export const isLocation = (text: string) => LOCATIONS.some(({ name }) => name === locationName(text));
