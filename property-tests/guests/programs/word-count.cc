// word-count FILE [TOP]: the most frequent words of a file, with C++ streams and containers.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

int main(int argc, char **argv) {
  if (argc < 2) {
    std::cerr << "usage: word-count FILE [TOP]\n";
    return 2;
  }
  std::ifstream file(argv[1]);
  if (!file) {
    std::cerr << "word-count: cannot open " << argv[1] << '\n';
    return 1;
  }
  std::map<std::string, unsigned> counts;
  unsigned lines = 0, words = 0;
  std::string line;
  while (std::getline(file, line)) {
    lines++;
    for (char &letter : line)
      letter =
          std::isalnum(static_cast<unsigned char>(letter)) ? static_cast<char>(std::tolower(letter)) : ' ';
    std::istringstream stream(line);
    for (std::string word; stream >> word; words++) counts[word]++;
  }
  std::vector<std::pair<std::string, unsigned>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto &a, const auto &b) { return a.second > b.second; });
  std::cout << lines << " lines, " << words << " words, " << counts.size() << " different\n";
  std::size_t top = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10;
  for (std::size_t i = 0; i < std::min(top, sorted.size()); i++)
    std::cout << std::setw(6) << sorted[i].second << ' ' << sorted[i].first << '\n';
  return 0;
}
