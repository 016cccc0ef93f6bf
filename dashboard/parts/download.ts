/** Hands a text to the browser as a file. */
export function download(name: string, type: string, text: string): void {
  // With its mark, without which spreadsheets take UTF-8 for something else.
  const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
