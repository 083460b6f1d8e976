import type { FastifyRequest } from 'fastify';
import type { Call } from '../api/order-api.ts';

/** On whose behalf the order API is asked. */
export const callOf = ({ tracing }: FastifyRequest): Call => ({ traceparent: tracing.traceparent });
