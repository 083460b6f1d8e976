/** A file of the archive that cannot be read to its end as what it should be; the message says where and why. */
export class ArchiveFileError extends Error {
  override readonly name = 'ArchiveFileError';
}
