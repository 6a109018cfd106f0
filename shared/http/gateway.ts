import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { RawRequest, RawResponse } from '../ports/index.ts';

/**
 * API Gateway payload v2 → the request as sent. Signatures hold over these bytes, not over the base64. Header names come
 * in lower case: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function rawRequest(event: APIGatewayProxyEventV2): RawRequest {
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    rawQuery: event.rawQueryString,
    headers: event.headers as RawRequest['headers'],
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Told before decoding, so that an oversized body is never copied. */
export function bodyBytes(event: APIGatewayProxyEventV2): number {
  const { body = '', isBase64Encoded } = event;
  if (!isBase64Encoded) return Buffer.byteLength(body);
  return Buffer.byteLength(body, 'base64');
}

export function gatewayResult(response: RawResponse): APIGatewayProxyStructuredResultV2 {
  return { statusCode: response.status, headers: { ...response.headers }, body: response.body };
}
