import type { Mapping } from '../../../shared/ports/index.ts';
import { interpretCase, projectCase } from './mapping/case.ts';
import { interpretComment, projectComment } from './mapping/comment.ts';
import { interpretContact, projectContact } from './mapping/contact.ts';
import { decode } from './mapping/decode.ts';
import { canonicalForm } from './mapping/text.ts';

export const mapping: Mapping = {
  decode,

  project(record, context) {
    switch (record.kind) {
      case 'ticket':
        return projectCase(record, context);
      case 'comment':
        return projectComment(record, context);
      case 'contact':
        return projectContact(record);
    }
  },

  interpret(kind, raw, context) {
    switch (kind) {
      case 'ticket':
        return interpretCase(raw, context);
      case 'comment':
        return interpretComment(raw, context);
      case 'contact':
        return interpretContact(raw);
    }
  },

  canonicalForm: (_kind, field, raw) => canonicalForm(field, raw),
};
