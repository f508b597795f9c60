/* many-files N [DIR]: makes N small files in DIR (default /many-files), lists them, reads each, removes them
 * all. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv) {
  unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000, listed = 0, right = 0, removed = 0;
  const char *home = argc > 2 ? argv[2] : "/many-files";
  char path[300], text[32];
  if (mkdir(home, 0777) != 0 && errno != EEXIST) return perror(home), 1;
  for (unsigned i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/file-%u", home, i);
    FILE *file = fopen(path, "w");
    if (file == NULL) return perror(path), 1;
    fprintf(file, "number %u\n", i);
    fclose(file);
  }
  DIR *dir = opendir(home);
  if (dir == NULL) return perror(home), 1;
  struct dirent *entry;
  while ((entry = readdir(dir)) != NULL)
    if (entry->d_name[0] == 'f') listed++;
  closedir(dir);
  for (unsigned i = 0; i < count; i++) {
    unsigned number = 0;
    snprintf(path, sizeof path, "%s/file-%u", home, i);
    FILE *file = fopen(path, "r");
    if (file != NULL && fgets(text, sizeof text, file) != NULL && sscanf(text, "number %u", &number) == 1)
      right += number == i;
    if (file != NULL) fclose(file);
    removed += unlink(path) == 0;
  }
  int empty = rmdir(home) == 0;
  printf("%u made, %u listed, %u right, %u removed, %s\n", count, listed, right, removed,
         empty ? "empty" : "not empty");
  return !(listed == count && right == count && removed == count && empty);
}
