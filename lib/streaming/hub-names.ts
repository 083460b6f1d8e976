/** What the hubs and the consumer group of the order flow are called unless the environment says otherwise. */
export const ORDERS_HUB = 'orders';
export const ORDER_EVENTS_HUB = 'order-events';
export const DEAD_LETTER_HUB = 'orders-dlq';
export const CORE_CONSUMER_GROUP = 'oms-core';
