/** What a worker says went wrong, fit to be kept: an address that it quotes may bear a password, or a signature as its query. */
export function withoutSecrets(error: string): string {
  return error.replace(/:\/\/[^\s'"<>]+/g, (address) => {
    const [path = ''] = address.slice('://'.length).split('?');
    return `://${path.slice(path.lastIndexOf('@') + 1)}`;
  });
}
