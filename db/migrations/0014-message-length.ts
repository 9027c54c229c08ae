/** Once widened `message_content`, which is done before any migration now (db/shop). SQLite's texts have no length. */
export async function up(): Promise<void> {}
