import { useState } from 'preact/hooks';
import type { Attachment } from '../attachment.ts';
import { sentence } from '../words.ts';
import { useDesk } from './desk.ts';

/** An address is good for a minute: it is asked for when somebody wants the file, not before. */
export function Download({ file }: { readonly file: Attachment }) {
  const { client } = useDesk();
  const [said, setSaid] = useState('');
  if (file.isDeleted || file.sha256 === undefined) return null;
  const download = async () => {
    setSaid('');
    await client
      .get<{ readonly url: string }>(`/v1/attachments/${encodeURIComponent(file.id)}/address`)
      .then(({ url }) => location.assign(url))
      .catch((error: Error) => setSaid(sentence(error.message)));
  };
  return (
    <>
      <button type="button" class="small" aria-label={`Download ${file.name}`} onClick={download}>
        Download
      </button>
      <output>{said}</output>
    </>
  );
}
