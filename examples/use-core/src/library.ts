/** The domain: it knows nothing of MCP. */
export interface Book {
  readonly id: number;
  readonly title: string;
  readonly author: string;
  readonly year: number;
}

export interface Library {
  find(id: number): Book | undefined;
  /** Ordered by id. */
  search(author: string | undefined): readonly Book[];
}

export function openLibrary(books: readonly Book[] = shelf): Library {
  return {
    find: (id) => books.find((book) => book.id === id),
    search(author) {
      const wanted = author?.toLowerCase();
      return books.filter((book) => wanted === undefined || book.author.toLowerCase().includes(wanted));
    },
  };
}

const shelf: readonly Book[] = [
  { id: 1, title: "Emma", author: "Jane Austen", year: 1815 },
  { id: 2, title: "Frankenstein", author: "Mary Shelley", year: 1818 },
  { id: 3, title: "Jane Eyre", author: "Charlotte Brontë", year: 1847 },
  { id: 4, title: "Middlemarch", author: "George Eliot", year: 1871 },
  { id: 5, title: "Persuasion", author: "Jane Austen", year: 1817 },
];
